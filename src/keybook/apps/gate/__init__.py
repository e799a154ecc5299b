"""Whether, how and when a customer may be contacted now: one answer for people, plans and campaigns."""
