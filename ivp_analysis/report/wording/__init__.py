"""What several pages say of a finding: its sentences, its tables, its account, and the ends of a page."""
