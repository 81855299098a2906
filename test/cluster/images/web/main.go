// A Pod to look at a Service through: over HTTP on port 8080 it tells who answers and who asks, and on UDP port 7777 it
// sends back what it gets. Both listen on every address, of both families. On the path /ready it answers the kubelet's
// probe, as it was told there: 503 from /ready?is=false on, 200 from /ready?is=true on.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

var notReady atomic.Bool

func main() {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	go func() { log.Fatal(http.ListenAndServe(":8080", http.HandlerFunc(answer))) }()
	go func() { log.Fatal(echo(":7777")) }()
	<-stop.Done()
}

// answer says in four lines what the Pod of the embedded cluster says.
func answer(response http.ResponseWriter, request *http.Request) {
	if request.URL.Path == "/ready" {
		ready(response, request.URL.Query().Get("is"))
		return
	}
	client, _, _ := net.SplitHostPort(request.RemoteAddr)
	response.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(response, "pod: %s\nnode: %s\nclient: %s\npath: %s\n",
		podName(), os.Getenv("NODE_NAME"), client, request.RequestURI)
}

func ready(response http.ResponseWriter, is string) {
	if is != "" {
		notReady.Store(is == "false")
	}
	if notReady.Load() {
		response.WriteHeader(http.StatusServiceUnavailable)
	}
}

// podName is the host's name unless the Pod's manifest says otherwise.
func podName() string {
	if name := os.Getenv("POD_NAME"); name != "" {
		return name
	}
	name, _ := os.Hostname()
	return name
}

func echo(address string) error {
	socket, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	datagram := make([]byte, 65535)
	for {
		size, from, err := socket.ReadFrom(datagram)
		if err != nil {
			return err
		}
		// A client that is gone is nobody's trouble.
		_, _ = socket.WriteTo(datagram[:size], from)
	}
}
