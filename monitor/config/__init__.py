"""Files -> Plan and Settings, or the lines that are wrong."""
