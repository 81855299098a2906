module lanlord.dev/test/cluster/images/web

go 1.26
