-- One row is a person, a version, a stage and one of its alternatives, with the moment at which all its criteria hold.
-- A claim holds from its first time on; the stage before it and the version's own days are judged in
-- int_agreement_judged_stages. A `lead` without criteria holds from the earliest record's creation.
with

persons as (
    select * from {{ ref('int_identity_persons') }}
    where is_lead_record
),

claims as (
    select * from {{ ref('int_agreement_claims') }}
),

criteria as (
    select * from {{ ref('stage_criteria') }}
),

version_periods as (
    select * from {{ ref('stg_closedloop__agreement_periods') }}
),

leads as (
    select
        lead_key,
        min(created_at) as created_at
    from persons
    group by lead_key
),

criteria_counts as (
    select
        version,
        stage,
        alternative,
        count(*) as criterion_count
    from criteria
    group by version, stage, alternative
),

claims_met as (
    select
        claims.lead_key,
        criteria.version,
        criteria.stage,
        criteria.alternative,
        count(*) as met_count,
        max(claims.claimed_at) as met_at
    from criteria
    inner join claims
        on criteria.field = claims.stage
    where criteria.kind = 'claim'
    group by claims.lead_key, criteria.version, criteria.stage, criteria.alternative
),

alternatives_met as (
    select
        claims_met.lead_key,
        claims_met.version,
        claims_met.stage,
        claims_met.alternative,
        greatest(claims_met.met_at, leads.created_at) as met_at
    from claims_met
    inner join criteria_counts
        on
            claims_met.version = criteria_counts.version
            and claims_met.stage = criteria_counts.stage
            and claims_met.alternative = criteria_counts.alternative
            and claims_met.met_count = criteria_counts.criterion_count
    inner join leads
        on claims_met.lead_key = leads.lead_key
),

leads_without_criteria as (
    select
        leads.lead_key,
        version_periods.version,
        'lead' as stage,
        'none' as alternative,
        leads.created_at as met_at
    from leads
    cross join version_periods
    left join criteria_counts
        on version_periods.version = criteria_counts.version and criteria_counts.stage = 'lead'
    where criteria_counts.version is null
),

unioned as (
    select * from alternatives_met
    union all
    select * from leads_without_criteria
)

select * from unioned
