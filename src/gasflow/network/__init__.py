"""Tables of what exists: the network, its schema, its checks, and small examples."""

from gasflow.network.lookup import Place
from gasflow.network.network import Network

__all__ = ["Network", "Place"]
