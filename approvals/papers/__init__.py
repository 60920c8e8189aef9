"""纸：slips, notices, decisions and certificates as PDF – values first, one typst page that sets them, one press."""
