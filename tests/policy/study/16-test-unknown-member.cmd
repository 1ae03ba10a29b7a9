test good.agp unknown-member.json
