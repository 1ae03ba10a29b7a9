import usbguard faults.conf
