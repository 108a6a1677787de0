"""Escalation paths: cards, trees and forms."""
