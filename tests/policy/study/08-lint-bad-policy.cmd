lint ../018-unknown-condition.in
