"""The dashboard's server as a process: started, run once before it is called ready, stopped with its starter."""

from analytics.serving.server import Dashboard, start_dashboard
from analytics.serving.session import Session

__all__ = ["Dashboard", "Session", "start_dashboard"]
