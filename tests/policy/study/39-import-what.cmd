import udev shadow.conf
