-- One row is a person and a stage that it did not reach, though it reached a later one.
{{ config(materialized='view') }}

with

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

criteria as (
    select * from {{ ref('stage_criteria') }}
),

version_periods as (
    select * from {{ ref('stg_closedloop__agreement_periods') }}
),

-- a stage that a version gives no criteria is not used in it, so nobody can have skipped it
used_stages as (
    select distinct
        criteria.stage,
        criteria.version,
        version_periods.starts_at,
        version_periods.ends_at
    from criteria
    inner join version_periods
        on criteria.version = version_periods.version
),

later_stages as (
    select
        lead_key,
        'sql' as stage,
        lead_at,
        coalesce(opportunity_at, customer_at) as later_at
    from lead_stages
    where sql_at is null
    union all
    select
        lead_key,
        'mql' as stage,
        lead_at,
        coalesce(crm_sql_at, opportunity_at, customer_at) as later_at
    from lead_stages
    where mql_at is null
),

skipped_stages as (
    select
        later_stages.lead_key,
        cast(null as string) as deal_key,
        later_stages.stage,
        'stage_skipped' as violation_type,
        concat('a later stage was reached and ', later_stages.stage, ' was not') as detail,
        cast(null as string) as subject,
        later_stages.later_at as claimed_at,
        'sales' as team
    from later_stages
    inner join used_stages
        on
            later_stages.stage = used_stages.stage
            and later_stages.later_at >= used_stages.starts_at
            and later_stages.later_at < used_stages.ends_at
    where later_stages.later_at is not null and later_stages.lead_at is not null
)

select * from skipped_stages
