"""审批的读：cases folded for pages, the workbench, the leader's figures."""
