lint --today 2027-01-01 -i media.json --media media.tab good.agp
