lint --today 2027-01-01 media.agp
