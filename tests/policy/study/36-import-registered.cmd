import usbguard --terminals registered shadow.conf
