import usbguard --serial zero shadow.conf
