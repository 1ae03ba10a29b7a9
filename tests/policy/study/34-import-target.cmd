import usbguard target.conf
