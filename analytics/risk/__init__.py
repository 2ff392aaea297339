"""Risk: the register and its 5 x 5 matrix, and the risk the KPIs themselves show per vendor."""
