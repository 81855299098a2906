{{- define "lanlord.heartbeatSecret" -}}
{{ .Values.heartbeat.existingSecret | default "lanlord-heartbeat" }}
{{- end }}

{{- /*
How long the kubelets may take to bring a new key to every node, in seconds: about ninety at worst, and some more. Until
then the old key stays beside it, and another new one must wait.
*/}}
{{- define "lanlord.heartbeatSettles" -}}300{{- end }}

{{- /*
The Secret as it should be now, from the Secret as it is: YAML of `rotation`, `rotatedAt`, `current` and `previous`.
*/}}
{{- define "lanlord.heartbeatKeys" -}}
{{- $now := now | unixEpoch | int64 -}}
{{- $wanted := toString .Values.heartbeat.rotation -}}
{{- $stored := lookup "v1" "Secret" .Release.Namespace "lanlord-heartbeat" | default dict -}}
{{- $annotations := dig "metadata" "annotations" dict $stored -}}
{{- $rotation := get $annotations "lanlord.dev/heartbeat-rotation" | default $wanted -}}
{{- $rotatedAt := get $annotations "lanlord.dev/heartbeat-rotated-at" | default "0" | int64 -}}
{{- $current := dig "data" "current" "" $stored -}}
{{- $previous := dig "data" "previous" "" $stored -}}
{{- $rest := sub (include "lanlord.heartbeatSettles" . | int64) (sub $now $rotatedAt) -}}
{{- $isSettled := le $rest 0 -}}
{{- if not $current -}}
  {{- toYaml (dict "rotation" $wanted "rotatedAt" (toString $now) "current" (randBytes 32) "previous" "") -}}
{{- else if eq $rotation $wanted -}}
  {{- $kept := ternary "" $previous $isSettled -}}
  {{- toYaml (dict "rotation" $rotation "rotatedAt" (toString $rotatedAt) "current" $current "previous" $kept) -}}
{{- else if and $previous (not $isSettled) -}}
  {{- fail (printf "heartbeat.rotation: the key was changed a moment ago, and not every node may have the new one; wait %d s, or leave heartbeat.rotation at %s" $rest $rotation) -}}
{{- else -}}
  {{- toYaml (dict "rotation" $wanted "rotatedAt" (toString $now) "current" (randBytes 32) "previous" $current) -}}
{{- end -}}
{{- end }}
