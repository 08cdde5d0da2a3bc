#!/usr/bin/env python3
"""An NFSv4 client in user space, where the kernel has none: nfs-client.py SERVER EXPORT (put|get|mkdir) PATH

`put` writes what it reads from its input, `get` prints what is there.
"""
import ctypes
import os
import sys

# Bytes of one request: libnfs 4.0 cannot encode an NFSv4 WRITE of 4 KiB or more.
CHUNK = 3800

nfs = ctypes.CDLL("libnfs.so.13")
POINTER = ctypes.c_void_p
nfs.nfs_init_context.restype = POINTER
nfs.nfs_get_error.restype = ctypes.c_char_p
for name, arguments in {
    "nfs_get_error": [POINTER],
    "nfs_set_version": [POINTER, ctypes.c_int],
    "nfs_set_timeout": [POINTER, ctypes.c_int],
    "nfs_mount": [POINTER, ctypes.c_char_p, ctypes.c_char_p],
    "nfs_open2": [POINTER, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.POINTER(POINTER)],
    "nfs_write": [POINTER, POINTER, ctypes.c_uint64, ctypes.c_char_p],
    "nfs_read": [POINTER, POINTER, ctypes.c_uint64, ctypes.c_char_p],
    "nfs_fsync": [POINTER, POINTER],
    "nfs_close": [POINTER, POINTER],
    "nfs_mkdir": [POINTER, ctypes.c_char_p],
}.items():
    getattr(nfs, name).argtypes = arguments


class Client:
    def __init__(self, server, export):
        self.context = nfs.nfs_init_context()
        nfs.nfs_set_version(self.context, 4)
        nfs.nfs_set_timeout(self.context, 20_000)
        self.did("mount", nfs.nfs_mount(self.context, server.encode(), export.encode()))

    def did(self, what, code):
        if code < 0:
            words = nfs.nfs_get_error(self.context) or b""
            sys.exit("%s: %d %s" % (what, code, words.decode(errors="replace")))
        return code

    def open(self, path, flags):
        handle = POINTER()
        self.did("open", nfs.nfs_open2(self.context, path.encode(), flags, 0o644, ctypes.byref(handle)))
        return handle

    def put(self, path, data):
        handle = self.open(path, os.O_WRONLY | os.O_CREAT)
        while data:
            data = data[self.did("write", nfs.nfs_write(self.context, handle, len(data[:CHUNK]), data[:CHUNK])) :]
        self.did("fsync", nfs.nfs_fsync(self.context, handle))
        self.did("close", nfs.nfs_close(self.context, handle))

    def get(self, path):
        handle, buffer, parts = self.open(path, os.O_RDONLY), ctypes.create_string_buffer(CHUNK), []
        while (count := self.did("read", nfs.nfs_read(self.context, handle, CHUNK, buffer))) > 0:
            parts.append(buffer.raw[:count])
        return b"".join(parts)

    def mkdir(self, path):
        self.did("mkdir", nfs.nfs_mkdir(self.context, path.encode()))


def main(server, export, verb, path):
    client = Client(server, export)
    if verb == "put":
        client.put(path, sys.stdin.buffer.read())
    elif verb == "get":
        sys.stdout.buffer.write(client.get(path))
    elif verb == "mkdir":
        client.mkdir(path)
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
