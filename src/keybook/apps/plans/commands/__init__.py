"""The verbs of a plan and of its entries, of meetings, absences and capacity; every face calls these."""
