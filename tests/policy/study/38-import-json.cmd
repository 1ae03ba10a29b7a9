import usbguard --json faults.conf
