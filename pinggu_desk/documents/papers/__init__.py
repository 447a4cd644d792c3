"""The papers of a visit (文书): letter, notice, receipt, checklist, workings, lists."""
