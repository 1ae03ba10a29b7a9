test --json findings.agp desk.json
