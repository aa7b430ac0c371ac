"""Tracks: the places and times at which a container, vehicle, train or parcel was seen."""
