"""How near is near: the tolerances that modules share, each with its reason."""

# The certificate's: what is missing or gained, relative to one unit plus the size of what is compared.
TOLERANCE = 1e-8
# A single column may be worse than the whole: at 1e-6 a price of 100 EUR/MWh is right to 0.0001 EUR/MWh on a
# column that is not at a kink.
COLUMN_TOLERANCE = 1e-6
# Conservation in labelled quantities: the certificate allows 1e-8 in each balance; a quantity adds up several columns
# and is divided by days.
CONSERVED = 1e-7
# GWh/d, or GWh of a stock; less than this is nothing: it is not short, not spilled, not earned, and no reason for a
# sentence.
NOTHING = 1e-6

# What the interior-point methods share.
UNBOUNDED = 0.3  # where a column without an upper bound starts, in mean widths of the others
REACH = 0.999  # share of the way to the nearest bound
SMALLEST = 1e-3  # of a mean that something is measured by

# What the active-set methods share.
MARGIN = 1e-9  # GWh outside a bound that still count as none
PRICE_MARGIN = 1e-10  # the same for a reduced cost, relative to the largest price
PROXIMAL = 1e-8  # weight that holds columns where the active set leaves them free, on the scale of price by flow
PROXIMAL_PRICE = 1e-9  # the same for duals
GOOD = 0.1  # a certificate this far below its tolerances needs no further work

# What the factorisations share. A pivot at or below NO_PIVOT has no column left that could move its row: the row's dual
# then stays where it is, behind a pivot that blocks it.
NO_PIVOT = 1e-200
BLOCKING_PIVOT = 1e200
