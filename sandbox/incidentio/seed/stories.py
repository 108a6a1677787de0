"""The stories of the incidents, from the oldest to the newest."""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    name: str
    severity: str | None = "Minor"
    status: str = "Closed"
    service: str = "API"
    type: str = "Production"
    private: bool = False
    mode: str = "standard"
    summary: str | None = None


STORIES = (
    Story(
        "Checkout returns 502 after the 14:00 deploy", "Critical", service="Checkout"
    ),
    Story("Slow search results in Europe", service="Search"),
    Story("Invoices & receipts show <script>alert(1)</script>", "Major"),
    Story("Nightly export missed its window", "Low", service="Data pipeline"),
    Story("Login loop on the mobile app", "Major", service="Mobile app"),
    Story("Webhook deliveries delayed by an hour", service="API"),
    Story("Certificate of the status page expired", "Major", service="Web app"),
    Story(
        "Employee laptop stolen in Lisbon",
        "Major",
        type="Security",
        private=True,
        summary="Disk encrypted, sessions revoked.",
    ),
    Story("Duplicate card charges for 40 customers", "Critical", service="Checkout"),
    Story("Search index out of date", "Low", service="Search"),
    Story("Migration of 2023 archive", "Low", mode="retrospective"),
    Story("Push notifications sent twice", service="Mobile app"),
    Story("Rate limiter blocks a partner", service="API"),
    Story("Data pipeline stuck on a poison message", "Major", service="Data pipeline"),
    Story("עיכוב בעיבוד תשלומים", "Major", service="Checkout"),
    Story("Dashboards blank for read-only users", service="Web app"),
    Story("Password reset mails land in spam", "Low", service="Web app"),
    Story("Database failover took nine minutes", "Critical", service="API"),
    Story("CDN serves yesterday's bundle", service="Web app"),
    Story("Alert storm from a flapping probe", "Low", "Declined"),
    Story("Checkout slow", None, "Merged", service="Checkout"),
    Story("Declared in the wrong workspace", None, "Canceled"),
    Story(
        "Former contractor still had production access",
        "Major",
        type="Security",
        private=True,
        summary="Found in the quarterly review; access removed.",
    ),
    Story("PDF invoices without VAT", "Low", "Monitoring", "Billing & invoices"),
    Story("Memory leak in the session store", "Major", service="API"),
    Story("Reports are off by one hour", "Minor", "Fixing", "Data pipeline"),
    Story("Image uploads fail above 5 MB", "Minor", "Monitoring", "Mobile app"),
    Story("Fire drill: lose a region", "Critical", "Closed", mode="test"),
    Story("🔥 Payments queue is on fire", "Critical", "Reviewing", service="Checkout"),
    Story("Partner API answers in XML", "Minor", "Documenting", service="API"),
    Story(
        "Suspicious logins from one network",
        "Critical",
        "Documenting",
        type="Security",
        private=True,
        summary="Credential stuffing; 12 accounts locked.",
    ),
    Story(
        "Search autocomplete suggests competitors", "Low", "Paused", service="Search"
    ),
    Story("Slow replication to the reporting database", "Minor", "Paused"),
    Story("Refunds stuck in pending", "Major", "Monitoring", service="Checkout"),
    Story("<!channel> is down", "Minor", "Fixing", service="Web app"),
    Story(
        "Leaked API token in a public repository",
        "Critical",
        "Investigating",
        type="Security",
        private=True,
        summary="Token revoked; reading the access log.",
    ),
    Story(
        "Customers see each other's dashboards when two tabs of the same browser are "
        "signed in to different workspaces and the session cache is cold",
        "Critical",
        "Fixing",
        service="Web app",
    ),
    Story(
        "Support: 'cannot pay with Visa'",
        None,
        "Triage",
        type="Customer report",
        service="Checkout",
    ),
    Story(
        "Elevated errors in the API",
        "Major",
        "Investigating",
        summary="About 3% of requests answer 500 since the last deploy.",
    ),
    Story("Odd latency on Sundays", None, "Triage", service="Data pipeline"),
)
"""Forty: INC-1 to INC-40."""
