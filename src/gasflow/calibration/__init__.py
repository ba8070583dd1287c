"""From what was observed to a network: balanced figures, prices at every node, wedges and rents.

`Observations` are tables of what was seen, on days or in months. `calibrate` completes them (`completion`), balances
them (`reconcile`), finds the prices at which they are an equilibrium (`prices`), tells rents from costs (`congestion`)
and writes all that into a network (`base`); what it changed and what it estimated stays in the `Calibration`.
"""

from gasflow.calibration.calibrate import Calibration, calibrate
from gasflow.calibration.folder import read_observations, write_observations
from gasflow.calibration.observations import Observations

__all__ = ["Calibration", "Observations", "calibrate", "read_observations", "write_observations"]
