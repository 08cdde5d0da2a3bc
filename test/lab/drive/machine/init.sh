#!/bin/busybox sh
# First program of the virtual machine: the root file system of the test host below an overlay, one folder of it shared
# for writing, one command. Kernel parameter lab.folder: that folder, with `command`; output and exit code go there.
/bin/busybox mkdir -p /proc /sys /dev /lower /rw /new
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
# Some belong to other processors than the emulated one; what is really missing shows at the next step.
while read -r module; do /bin/busybox insmod "/modules/$module" 2>/dev/null; done </modules/order

folder=$(/bin/busybox sed -n 's/.*lab\.folder=\([^ ]*\).*/\1/p' /proc/cmdline)
shared=trans=virtio,version=9p2000.L,msize=524288
/bin/busybox mount -t 9p -o "$shared,ro,cache=loose" root /lower
/bin/busybox mount -t tmpfs rw /rw
/bin/busybox mkdir /rw/upper /rw/work
/bin/busybox mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work overlay /new
for each in proc sys dev; do /bin/busybox mount --move "/$each" "/new/$each"; done
/bin/busybox mount -t tmpfs run /new/run
/bin/busybox mount -t 9p -o "$shared" folder "/new$folder"

/bin/busybox chroot /new /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  sh "$folder/command" >"/new$folder/stdout" 2>"/new$folder/stderr"
echo $? >"/new$folder/code"
/bin/busybox sync
/bin/busybox poweroff -f
