"""Cinder driver: a volume or snapshot is a sparse file. (LVM would need device-mapper.)"""
import os
import shutil

from cinder import interface
from cinder.image import image_utils
from cinder.volume import driver
from oslo_config import cfg

# GiB that a backend offers at least: files are sparse, so the real disk is no limit.
CAPACITY = 100000


@interface.volumedriver
class SparseFiles(driver.VolumeDriver):
    VERSION = '1'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = os.path.join(cfg.CONF.state_path, 'volumes')
        os.makedirs(self.folder, exist_ok=True)

    def _path(self, thing):
        return os.path.join(self.folder, thing.name)

    def _size(self, volume, gib=None):
        with open(self._path(volume), 'ab') as file:
            file.truncate((gib or volume.size) << 30)

    def _copy(self, source, target):
        self._execute('cp', '--sparse=always', self._path(source), self._path(target))

    def _remove(self, thing):
        if os.path.exists(self._path(thing)):
            os.unlink(self._path(thing))

    def check_for_setup_error(self):
        pass

    def create_volume(self, volume):
        self._size(volume)

    def delete_volume(self, volume):
        self._remove(volume)

    def extend_volume(self, volume, new_size):
        self._size(volume, new_size)

    def create_snapshot(self, snapshot):
        self._copy(snapshot.volume, snapshot)

    def delete_snapshot(self, snapshot):
        self._remove(snapshot)

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(snapshot, volume)
        self._size(volume)

    def create_cloned_volume(self, volume, src_vref):
        self._copy(src_vref, volume)
        self._size(volume)

    def copy_image_to_volume(self, context, volume, image_service, image_id):
        image_utils.fetch_to_raw(context, image_service, image_id, self._path(volume),
                                 self.configuration.volume_dd_blocksize, size=volume.size)
        self._size(volume)

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        image_utils.upload_volume(context, image_service, image_meta, self._path(volume), volume)

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def initialize_connection(self, volume, connector):
        return {'driver_volume_type': 'local', 'data': {'device_path': self._path(volume)}}

    def terminate_connection(self, volume, connector, **kwargs):
        pass

    def _update_volume_stats(self):
        gib = max(shutil.disk_usage(self.folder).total >> 30, CAPACITY)
        self._stats = {'volume_backend_name': self.configuration.volume_backend_name, 'vendor_name': 'lab',
                       'driver_version': self.VERSION, 'storage_protocol': 'local', 'multiattach': True,
                       'total_capacity_gb': gib, 'free_capacity_gb': gib, 'reserved_percentage': 0,
                       'thin_provisioning_support': True, 'max_over_subscription_ratio': 20.0,
                       'provisioned_capacity_gb': 0}
