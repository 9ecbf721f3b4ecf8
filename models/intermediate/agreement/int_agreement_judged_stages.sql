-- One row is a person and a judged stage (lead, mql, sql) that was reached: at the first moment inside a version's days
-- at which the stage before it has been reached and one alternative holds. The version of that moment governs it.
with

alternatives as (
    select * from {{ ref('int_agreement_alternatives') }}
),

version_periods as (
    select * from {{ ref('stg_closedloop__agreement_periods') }}
),

in_version as (
    select
        alternatives.lead_key,
        alternatives.stage,
        alternatives.version,
        greatest(alternatives.met_at, version_periods.starts_at) as met_at,
        version_periods.ends_at
    from alternatives
    inner join version_periods
        on alternatives.version = version_periods.version
),

-- before the first stage stands the first moment at which anything held
nothing_reached as (
    select
        lead_key,
        min(met_at) as reached_at
    from in_version
    group by lead_key
),

{% for stage, stage_before in [('lead', 'nothing'), ('mql', 'lead'), ('sql', 'mql')] -%}
{{ stage }}_candidates as (
    select
        in_version.lead_key,
        in_version.version,
        greatest(in_version.met_at, {{ stage_before }}_reached.reached_at) as reached_at
    from in_version
    inner join {{ stage_before }}_reached
        on in_version.lead_key = {{ stage_before }}_reached.lead_key
    where
        in_version.stage = '{{ stage }}'
        and greatest(in_version.met_at, {{ stage_before }}_reached.reached_at) < in_version.ends_at
),

{{ stage }}_ranked as (
    select
        lead_key,
        version,
        reached_at,
        row_number() over by_lead as candidate_number
    from {{ stage }}_candidates
    window by_lead as (partition by lead_key order by reached_at, version)
),

{{ stage }}_reached as (
    select
        lead_key,
        '{{ stage }}' as stage,
        version as agreement_version,
        reached_at
    from {{ stage }}_ranked
    where candidate_number = 1
),

{% endfor -%}
judged_stages as (
    select * from lead_reached
    union all
    select * from mql_reached
    union all
    select * from sql_reached
)

select * from judged_stages
