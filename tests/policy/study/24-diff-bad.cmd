diff good.agp ../018-unknown-condition.in
