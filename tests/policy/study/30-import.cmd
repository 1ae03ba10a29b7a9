import usbguard rules.conf
