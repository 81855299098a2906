export const containerMessages = `
Container
1 name string! | The name of the container.
2 image string | What it runs.
3 command []string | The program, instead of the image's.
4 args []string | Its arguments.
5 workingDir string
6 ports []ContainerPort key=containerPort keys=containerPort,protocol | The ports it listens on.
19 envFrom []EnvFromSource
7 env []EnvVar key=name | Its environment.
8 resources ResourceRequirements | What it needs and may use.
23 resizePolicy []ContainerResizePolicy
24 restartPolicy string? go=ContainerRestartPolicy
25 restartPolicyRules []Anything
9 volumeMounts []VolumeMount key=mountPath | Where volumes are mounted.
21 volumeDevices []VolumeDevice key=devicePath
10 livenessProbe Probe?
11 readinessProbe Probe?
22 startupProbe Probe?
12 lifecycle Lifecycle?
13 terminationMessagePath string
20 terminationMessagePolicy string go=TerminationMessagePolicy
14 imagePullPolicy string go=PullPolicy
15 securityContext SecurityContext?
16 stdin bool
17 stdinOnce bool
18 tty bool

EphemeralContainer
1 name string!
2 image string
3 command []string
4 args []string
5 workingDir string
6 ports []ContainerPort key=containerPort keys=containerPort,protocol
19 envFrom []EnvFromSource
7 env []EnvVar key=name
8 resources ResourceRequirements
23 resizePolicy []ContainerResizePolicy
24 restartPolicy string? go=ContainerRestartPolicy
25 restartPolicyRules []Anything
9 volumeMounts []VolumeMount key=mountPath
21 volumeDevices []VolumeDevice key=devicePath
10 livenessProbe Probe?
11 readinessProbe Probe?
22 startupProbe Probe?
12 lifecycle Lifecycle?
13 terminationMessagePath string
20 terminationMessagePolicy string go=TerminationMessagePolicy
14 imagePullPolicy string go=PullPolicy
15 securityContext SecurityContext?
16 stdin bool
17 stdinOnce bool
18 tty bool
2 targetContainerName string

ContainerPort
1 name string
2 hostPort int32
3 containerPort int32!
4 protocol string default=TCP go=Protocol
5 hostIP string

EnvVar
1 name string!
2 value string
3 valueFrom EnvVarSource?

EnvVarSource
1 fieldRef ObjectFieldSelector?
2 resourceFieldRef ResourceFieldSelector?
3 configMapKeyRef ConfigMapKeySelector?
4 secretKeyRef SecretKeySelector?
5 fileKeyRef Anything?

ObjectFieldSelector atomic
1 apiVersion string
2 fieldPath string!

ResourceFieldSelector atomic
1 containerName string
2 resource string!
3 divisor quantity

ConfigMapKeySelector atomic
1 name string | The name of the object.
2 key string!
3 optional bool?

SecretKeySelector atomic
1 name string | The name of the object.
2 key string!
3 optional bool?

EnvFromSource
1 prefix string
2 configMapRef ConfigMapEnvSource?
3 secretRef SecretEnvSource?

ConfigMapEnvSource
1 name string | The name of the object.
2 optional bool?

SecretEnvSource
1 name string | The name of the object.
2 optional bool?

VolumeMount
1 name string!
2 readOnly bool
7 recursiveReadOnly string? go=RecursiveReadOnlyMode
3 mountPath string!
4 subPath string
5 mountPropagation string? go=MountPropagationMode
6 subPathExpr string

VolumeDevice
1 name string!
2 devicePath string!

ResourceRequirements
1 limits map quantity
2 requests map quantity
3 claims []ResourceClaim keys=name

ResourceClaim
1 name string!
2 request string

ContainerResizePolicy
1 resourceName string! go=ResourceName
2 restartPolicy string! go=ResourceResizeRestartPolicy

SecurityContext
1 capabilities Capabilities?
2 privileged bool?
3 seLinuxOptions SELinuxOptions?
10 windowsOptions Anything?
4 runAsUser int64?
8 runAsGroup int64?
5 runAsNonRoot bool?
6 readOnlyRootFilesystem bool?
7 allowPrivilegeEscalation bool?
9 procMount string? go=ProcMountType
11 seccompProfile SeccompProfile?
12 appArmorProfile AppArmorProfile?

Capabilities
1 add []string go=Capability
2 drop []string go=Capability

Probe
1 exec ExecAction?
2 httpGet HTTPGetAction?
3 tcpSocket TCPSocketAction?
4 grpc GRPCAction?
2 initialDelaySeconds int32
3 timeoutSeconds int32
4 periodSeconds int32
5 successThreshold int32
6 failureThreshold int32
7 terminationGracePeriodSeconds int64?

ExecAction
1 command []string

HTTPGetAction
1 path string
2 port intOrString!
3 host string
4 scheme string go=URIScheme
5 httpHeaders []HTTPHeader

HTTPHeader
1 name string!
2 value string!

TCPSocketAction
1 port intOrString!
2 host string

GRPCAction
1 port int32!
2 service string?

Lifecycle
1 postStart LifecycleHandler?
2 preStop LifecycleHandler?
3 stopSignal string? go=Signal

LifecycleHandler
1 exec ExecAction?
2 httpGet HTTPGetAction?
3 tcpSocket TCPSocketAction?
4 sleep SleepAction?

SleepAction
1 seconds int64!
`
