lint --today 2027-01-01 -i media.json good.agp
