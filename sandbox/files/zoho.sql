-- Zoho, as somebody in the Surabaya branch saved it: one workbook, a sheet a module, days before months, closings as
-- days. The sheets are tables here; company.py writes the workbook of them.
create macro zoho_status(stage) as (
    case stage
        when 'mql' then 'Siap Dihubungi' when 'sql' then 'Diterima Sales' when 'opportunity' then 'Peluang'
        when 'customer' then 'Pelanggan' when 'disqualified' then 'Tidak Cocok'
        when 'recycled' then 'Kembali ke Marketing' when 'on hold' then 'Ditunda' else 'Baru'
    end
);

create table zoho_leads as
select
    record_id as "Record Id",
    days_first(created_at) as "Created Time",
    email as "Email",
    phone as "Phone",
    name as "Full Name",
    company as "Company",
    account_id as "Account Id",
    industry as "Industry",
    country as "Country",
    employee_count as "No. of Employees",
    case channel
        when 'organic_search' then 'Organic Search' when 'paid_search' then 'Paid Search'
        when 'paid_social' then 'Paid Social' when 'paid_video' then 'Paid Video' when 'organic_social' then
            'Social Media'
        when 'ai_assistant' then 'AI Referrals' when 'referral' then 'External Referral' when 'direct' then 'Direct'
        when 'offline_event' then 'Trade Show' when 'whatsapp' then 'WhatsApp' when 'partner' then 'Partner'
    end as "Lead Source",
    campaign as "Campaign",
    browser as "Client Id",
    zoho_status(stage) as "Lead Status",
    owner as "Lead Owner",
    has_consent as "Email Opt In",
    days_first(updated_at) as "Modified Time",
    merged_into as "Merged Into",
    is_deleted as "Deleted",
    cast(attributes as text) as "Lainnya"
from known_records
where crm = 'zoho'
order by record_id;

create table zoho_timeline as
select
    record_id as "Record Id",
    zoho_status(stage) as "Lead Status",
    days_first(entered_at) as "Done Time",
    changed_by as "Done By",
    reason as "Alasan"
from known_claims
where crm = 'zoho'
order by record_id, entered_at, stage;

create table zoho_fields as
select
    record_id as "Record Id",
    case field when 'employee_count' then 'No. of Employees' when 'owner' then 'Lead Owner' else 'Budget' end
        as "Field",
    value as "New Value",
    days_first(entered_at) as "Done Time"
from known_values
where crm = 'zoho'
order by all;

create table zoho_accounts as
select
    account_id as "Account Id",
    company as "Account Name",
    domain as "Website",
    industry as "Industry",
    employee_count as "Employees",
    country as "Billing Country",
    owner as "Account Owner"
from known_accounts
where crm = 'zoho'
order by account_id;

create table zoho_deals as
select
    deal_id as "Deal Id",
    account_id as "Account Id",
    name as "Deal Name",
    cast(amount as double) as "Amount",
    currency as "Currency",
    stage as "Stage",
    days_first(created_at) as "Created Time",
    strftime(closed_at, '%d/%m/%Y') as "Closing Date",
    is_won as "Won",
    is_closed as "Closed",
    lost_reason as "Reason For Loss",
    owner as "Deal Owner",
    product as "Product",
    days_first(updated_at) as "Modified Time",
    is_deleted as "Deleted"
from known_deals
where crm = 'zoho'
order by deal_id;

create table zoho_stages as
select
    deal_states.deal_id as "Deal Id",
    deal_states.stage as "Stage",
    days_first(deal_states.entered_at) as "Modified Time",
    cast(deal_states.amount as double) as "Amount"
from deal_states
inner join known_deals
    on deal_states.deal_id = known_deals.deal_id
where known_deals.crm = 'zoho' and is_past(deal_states.entered_at)
order by deal_states.deal_id, deal_states.step;

create table zoho_contacts as
select
    deal_id as "Deal Id",
    record_id as "Lead Id",
    role as "Contact Role",
    is_primary as "Primary"
from known_deal_people
where crm = 'zoho'
order by deal_id, record_id;

create table zoho_activities as
select
    activity_id as "Activity Id",
    record_id as "Who Id",
    type as "Activity Type",
    direction as "Direction",
    outcome as "Result",
    owner as "Owner",
    days_first(talked_at) as "Start Time",
    is_automatic as "Automatic",
    tags as "Tag"
from known_talk
where crm = 'zoho'
order by activity_id;

create table zoho_invoices as
select
    order_id as "Invoice Id",
    deal_id as "Deal Id",
    cast(amount as double) as "Grand Total",
    currency as "Currency",
    days_first(ordered_at) as "Created Time",
    cast(refunded_amount as double) as "Refunded",
    days_first(refunded_at) as "Refunded Time"
from known_invoices
where crm = 'zoho'
order by order_id;

create table zoho_users as
select
    owner_id as "User Id",
    owner as "Full Name",
    'sales' as "Role",
    owner != 'Bagus Prakoso' as "Active"
from sellers
where crm = 'zoho'
order by owner_id;
