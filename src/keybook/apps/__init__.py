"""The thin Django shell; imports between these apps go down only.

people → audit → customers → feeds → interactions → reminders → desk
"""
