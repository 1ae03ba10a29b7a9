lint --today 2027-05-20 findings.agp
