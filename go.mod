module skinny

go 1.26.0
