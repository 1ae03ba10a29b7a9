lint --today 2027-01-01 --inventory desk.json good.agp
