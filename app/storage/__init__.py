"""What is kept, in PostgreSQL: one module a noun, and the unit of work that every act commits through."""
