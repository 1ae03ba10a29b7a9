import usbguard --id "7.2/imported" --serial 7 --unit 7.2.14 --level mimi --terminals "T-00417 T-00418" --valid "2026-12-01 .. 2027-05-31" shadow.conf
