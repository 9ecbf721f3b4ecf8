-- One row is a person with the time of each stage, agreed and claimed, and the stage it stands on.
with

stages as (
    select * from {{ ref('int_agreement_stages') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

claims as (
    select * from {{ ref('int_agreement_claims') }}
),

pivoted as (
    select
        lead_key,
        max(case when stage = 'lead' then reached_at end) as lead_at,
        max(case when stage = 'mql' then reached_at end) as mql_at,
        max(case when stage = 'sql' then reached_at end) as sql_at,
        max(case when stage = 'opportunity' then reached_at end) as opportunity_at,
        max(case when stage = 'customer' then reached_at end) as customer_at,
        max(case when stage = 'disqualified' then reached_at end) as disqualified_at,
        max(case when stage = 'recycled' then reached_at end) as recycled_at
    from stages
    group by lead_key
),

progress as (
    select
        stages.lead_key,
        stages.stage,
        lifecycle_stages.rank as stage_rank,
        lifecycle_stages.is_exit,
        stages.reached_at,
        max(case when not lifecycle_stages.is_exit then stages.reached_at end)
            over (partition by stages.lead_key) as last_progress_at
    from stages
    inner join lifecycle_stages
        on stages.stage = lifecycle_stages.stage
),

-- a customer stays one; else an exit counts if nothing was reached after it; else the highest stage reached
standing as (
    select
        lead_key,
        stage,
        row_number() over by_lead as standing_number
    from progress
    where not is_exit or last_progress_at is null or reached_at >= last_progress_at
    window by_lead as (
        partition by lead_key
        order by case when stage = 'customer' then 0 when is_exit then 1 else 2 end, stage_rank desc, stage
    )
),

governing as (
    select
        lead_key,
        agreement_version,
        row_number() over by_lead as governing_number
    from stages
    where agreement_version is not null
    window by_lead as (partition by lead_key order by reached_at desc, agreement_version desc)
),

claimed as (
    select
        lead_key,
        max(case when stage = 'mql' then claimed_at end) as crm_mql_at,
        max(case when stage = 'sql' then claimed_at end) as crm_sql_at,
        max(is_implied and stage in ('mql', 'sql')) as has_implied_stages
    from claims
    group by lead_key
),

claims_by_time as (
    select
        lead_key,
        stage as crm_stage,
        row_number() over by_lead as claim_number
    from claims
    window by_lead as (partition by lead_key order by last_claimed_at desc, stage_rank desc nulls last, stage)
),

joined as (
    select
        pivoted.lead_key,

        standing.stage,
        governing.agreement_version,
        claims_by_time.crm_stage,

        pivoted.lead_at,
        pivoted.mql_at,
        pivoted.sql_at,
        pivoted.opportunity_at,
        pivoted.customer_at,
        pivoted.disqualified_at,
        pivoted.recycled_at,
        claimed.crm_mql_at,
        claimed.crm_sql_at,
        coalesce(claimed.has_implied_stages, false) as has_implied_stages
    from pivoted
    left join standing
        on pivoted.lead_key = standing.lead_key and standing.standing_number = 1
    left join governing
        on pivoted.lead_key = governing.lead_key and governing.governing_number = 1
    left join claimed
        on pivoted.lead_key = claimed.lead_key
    left join claims_by_time
        on pivoted.lead_key = claims_by_time.lead_key and claims_by_time.claim_number = 1
)

select * from joined
