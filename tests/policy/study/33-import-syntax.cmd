import usbguard syntax.conf
