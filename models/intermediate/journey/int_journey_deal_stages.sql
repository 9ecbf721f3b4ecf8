-- One row is a stage that a deal entered from another one, with its phase and until when it held; also what lies after
-- the run's clock. Rows of one stage after another are one entry: some CRMs write one for each change of the amount.
-- In one second a closing comes last.
with

deals as (
    select * from {{ ref('int_canonical_deals') }}
),

stage_history as (
    select * from {{ ref('int_canonical_deal_stage_history') }}
),

deal_phases as (
    select * from {{ ref('int_journey_deal_phases') }}
),

phased as (
    select
        {{ stable_key(['deals.source_system', 'deals.deal_id']) }} as deal_key,
        stage_history.stage,
        deal_phases.deal_phase,
        stage_history.amount,
        case when deal_phases.deal_phase in ('won', 'lost') then 1 else 0 end as closing_rank,
        stage_history.entered_at
    from stage_history
    inner join deals
        on stage_history.source_system = deals.source_system and stage_history.deal_id = deals.deal_id
    left join deal_phases
        on stage_history.stage = deal_phases.stage
),

followers as (
    select
        *,
        lag(stage) over (
            partition by deal_key order by entered_at, closing_rank, stage
        ) as previous_stage
    from phased
),

entries as (
    select
        deal_key,
        stage,
        deal_phase,
        amount,
        row_number() over by_deal as entry_number,
        entered_at,
        lead(entered_at) over by_deal as left_at
    from followers
    where previous_stage is null or stage != previous_stage
    window by_deal as (partition by deal_key order by entered_at, closing_rank, stage)
)

select * from entries
