"""The next best contact: four gates one after the other, then value × chance × urgency.

`eligible` asks of the customer, `applicable` of the theme, `suitable` of the product behind it, `allowed` of the contact
itself. What passes all four is scored by `scoring`; `choosing` takes the best and says of every other why not.
`resting` says what an answer does: how long the theme rests, and what is learned.
"""
