export const serviceMessages = `
Service
1 metadata ObjectMeta | What every object has: name, namespace, labels, annotations.
2 spec ServiceSpec | What the Service shall do.
3 status ServiceStatus | What was found; written by the system.

ServiceSpec
1 ports []ServicePort key=port keys=port,protocol | The ports that this Service listens on.
2 selector map string atomic | Traffic goes to the Pods that bear all of these labels. Without it somebody else keeps the endpoints.
3 clusterIP string | The address inside the cluster, usually given by the server. "None" makes the Service headless.
18 clusterIPs []string | The addresses inside the cluster, one for each family; the first is clusterIP.
4 type string go=ServiceType | How the Service is reached: ClusterIP (the default), NodePort, LoadBalancer or ExternalName.
5 externalIPs []string | Addresses that nodes accept traffic for, kept by somebody else.
7 sessionAffinity string go=ServiceAffinity | ClientIP keeps a client at one Pod. None is the default.
8 loadBalancerIP string | An address asked for, for LoadBalancer. Superseded by annotations of the load balancer.
9 loadBalancerSourceRanges []string | Who may reach the load balancer, as CIDRs, where it supports that.
10 externalName string | The DNS name that a Service of type ExternalName stands for.
11 externalTrafficPolicy string go=ServiceExternalTrafficPolicy | Cluster sends outside traffic to every endpoint, Local only to those of the node that it came to, keeping the client's address.
12 healthCheckNodePort int32 | With externalTrafficPolicy Local, the port on which nodes say whether they have an endpoint.
13 publishNotReadyAddresses bool | Whether endpoints count although their Pods are not ready.
14 sessionAffinityConfig SessionAffinityConfig? | How session affinity works.
19 ipFamilies []string go=IPFamily | IPv4, IPv6 or both; the first decides the family of clusterIP.
17 ipFamilyPolicy string? go=IPFamilyPolicy | SingleStack, PreferDualStack or RequireDualStack.
20 allocateLoadBalancerNodePorts bool? | Whether a LoadBalancer gets node ports as well. True by default.
21 loadBalancerClass string? | Which load balancer serves this Service. It cannot be changed once set.
22 internalTrafficPolicy string? go=ServiceInternalTrafficPolicy | Cluster sends traffic from inside to every endpoint, Local only to those of the same node.
23 trafficDistribution string? | A preference for near endpoints, as PreferClose.

ServicePort
1 name string | The name of this port; needed where there is more than one.
2 protocol string default=TCP go=Protocol | TCP (the default), UDP or SCTP.
6 appProtocol string? | What is spoken on this port, as a hint.
3 port int32! | The port that this Service listens on.
4 targetPort intOrString | The port of the Pods, as a number or by name. The same as port by default.
5 nodePort int32 | The port on every node, for NodePort and LoadBalancer. Given by the server by default.

SessionAffinityConfig
1 clientIP ClientIPConfig? | How affinity by client address works.

ClientIPConfig
1 timeoutSeconds int32? | How long a client stays with its Pod. Three hours by default.

ServiceStatus
1 loadBalancer LoadBalancerStatus | Where the load balancer is reached.
2 conditions []Condition key=type | What was found about this Service.

LoadBalancerStatus
1 ingress []LoadBalancerIngress | The points where the load balancer is reached.

LoadBalancerIngress
1 ip string | The address.
2 hostname string | The name, where there is no address.
3 ipMode string? go=LoadBalancerIPMode | VIP: packets arrive at the node with this address as their destination. Proxy: with the node's.
4 ports []PortStatus | How the ports do.

PortStatus
1 port int32! | The port.
2 protocol string! go=Protocol | Its protocol.
3 error string? | What is wrong with it.
`
