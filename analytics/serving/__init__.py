"""The dashboard's server as a process: started, run once before it is called ready, stopped with its starter."""

from analytics.serving.server import Dashboard, start_dashboard
from analytics.serving.session import Run, Session, open_session

__all__ = ["Dashboard", "Run", "Session", "open_session", "start_dashboard"]
