import usbguard shadow.conf
