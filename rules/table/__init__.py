"""Decision tables (bảng quyết định): cells, rows, hit policies, and the outputs that other tables read."""
