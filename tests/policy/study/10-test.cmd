test findings.agp desk.json
