"""Screens of purchasing: who supplies the energy that we sell on."""
