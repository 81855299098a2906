export const volumeMessages = `
Volume open
1 name string!
1 hostPath HostPathVolumeSource?
2 emptyDir EmptyDirVolumeSource?
6 secret SecretVolumeSource?
16 downwardAPI DownwardAPIVolumeSource?
19 configMap ConfigMapVolumeSource?
26 projected ProjectedVolumeSource?

ConfigMapVolumeSource
1 name string | The name of the object.
2 items []KeyToPath
3 defaultMode int32?
4 optional bool?

SecretVolumeSource
1 secretName string
2 items []KeyToPath
3 defaultMode int32?
4 optional bool?

EmptyDirVolumeSource
1 medium string go=StorageMedium
2 sizeLimit quantity?

HostPathVolumeSource
1 path string!
2 type string? go=HostPathType

DownwardAPIVolumeSource
1 items []DownwardAPIVolumeFile
2 defaultMode int32?

DownwardAPIVolumeFile
1 path string!
2 fieldRef ObjectFieldSelector?
3 resourceFieldRef ResourceFieldSelector?
4 mode int32?

ProjectedVolumeSource
1 sources []VolumeProjection!
2 defaultMode int32?

VolumeProjection open
1 secret SecretProjection?
2 downwardAPI DownwardAPIProjection?
3 configMap ConfigMapProjection?
4 serviceAccountToken ServiceAccountTokenProjection?
5 clusterTrustBundle Anything?
6 podCertificate Anything?

SecretProjection
1 name string | The name of the object.
2 items []KeyToPath
4 optional bool?

ConfigMapProjection
1 name string | The name of the object.
2 items []KeyToPath
4 optional bool?

DownwardAPIProjection
1 items []DownwardAPIVolumeFile

ServiceAccountTokenProjection
1 audience string
2 expirationSeconds int64?
3 path string!

KeyToPath
1 key string!
2 path string!
3 mode int32?
`
