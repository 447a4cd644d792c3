"""The application sheet (申请表): what fills a form, maps one, and says whether it is sound."""
